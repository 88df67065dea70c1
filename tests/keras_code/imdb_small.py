import keras
from keras.layers import Embedding, Dense, LSTM

model = keras.Sequential([
    keras.Input(shape=(100,)),
    Embedding(5000, 32),
    LSTM(32),
    Dense(1, activation="sigmoid"),
], name="reader")
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.002),
    loss="binary_crossentropy",
    metrics=["accuracy"],
)
model.fit(x_train, y_train, batch_size=32, epochs=4, validation_data=(x_test, y_test))
